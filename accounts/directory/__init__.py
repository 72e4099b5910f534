"""Sign-in through a council's own directory, by OpenID Connect."""
