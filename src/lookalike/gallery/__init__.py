"""Step 6: known people, in one file or on a server.

::

    records, storage/                   what is kept, and how
    seam, store, server/                what a gallery's keeper does; two of them
    places, opening, roles, starter     where galleries are, and who may do what
    build, building/                    from photos to faces of people
    gallery, asking/, where, heads      from a face to people
    strangeness, pictures               what a distance means here, and what people look like
    audit/, applying                    what may be wrong in it, and mending that
    care, journal, opt_out              changing it, taking that back, and who wants to be left out
    copying, transfer, sameness         to another file or server, and whether it is the same
    csv_files, parquet_file             to other programs, and from them
    summary, countable                  what it is made of
    neighbors, between, projection      who is near whom, one by one and on a map
"""
