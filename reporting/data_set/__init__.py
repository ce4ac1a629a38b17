"""The minimum data set: one pseudonymous record for each course of a case, for the service itself and for nobody else.

``fields.py`` defines every field once: rows, CSV header, JSON Schema and the page that documents it are made from it.
"""
