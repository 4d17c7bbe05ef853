"""How a second call of the program talks to the one that runs: a socket for this user alone."""
