"""Pages of gauges and points: their readings listed, handed in, corrected; each station with its day."""
