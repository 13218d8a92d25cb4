"""Who of a gallery is in a photo, or nobody of it: always with a stated rate of false names."""
