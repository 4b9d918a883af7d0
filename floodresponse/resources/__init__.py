"""What is kept at hand: supplies, teams, experts, key places, shelters, households."""
