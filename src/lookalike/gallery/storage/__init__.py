"""How galleries are stored: the tables, in any database, and the file that holds them."""
