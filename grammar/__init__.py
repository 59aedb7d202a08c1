"""How the language looks: the Lark grammar and the table of keywords, as package data."""
