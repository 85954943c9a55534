"""What times one function of a program, in each of the peers' languages."""
