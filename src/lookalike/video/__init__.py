"""Names on the faces of videos: one pass from file to file, sound and all.

`labeling` says the whole way on one page.
"""
