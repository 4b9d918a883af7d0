"""Sign-ins of everybody and people who leave: pages of the security administrator."""
