"""The editors' desk: doubtful lines of imports first, then drafts, then what waits for a signature."""
