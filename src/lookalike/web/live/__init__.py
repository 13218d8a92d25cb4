"""The live camera: frames come in as fast as they like, steady answers go out."""
