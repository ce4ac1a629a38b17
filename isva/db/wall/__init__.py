"""The second wall: the database itself shows a row only to who may see it, whatever the code above forgets."""
