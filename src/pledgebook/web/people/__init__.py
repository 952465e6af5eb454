"""Several users: who they are by cookie or token, what they do, and how an issuer vouches."""
