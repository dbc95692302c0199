"""What the server of the installed release counts on in a Store: a function for each property, by what it is about."""
