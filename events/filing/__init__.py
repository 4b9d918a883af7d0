"""Filing entries and documents under subjects by rule: pages of the rules and of the runs."""
