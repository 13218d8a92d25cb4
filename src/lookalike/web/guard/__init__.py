"""Decoding strangers' photos in processes that may do nothing else.

Decoders are large C libraries, and a photo from a stranger is the one thing that a service must
let them loose on. So they run apart: without the gallery, without a way to write files, with so
much memory and so much time. One that crashes, hangs or grows is replaced, and costs one answer.
"""
