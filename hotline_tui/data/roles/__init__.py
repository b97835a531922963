"""The centre's Postgres: roles, what each may do, and the rows that each sees, by the database itself (R-13a, R-13b).

`script.py` puts it together; `hotline db roles` prints or applies it. Everything but the roles stands in the schema
`hotline` of the database, beside the tables.
"""
