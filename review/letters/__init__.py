"""Decision letters: what an authority tells a person, in the form the law asks for."""
