"""What a runner wrote of their legs in titles, descriptions and notes: clauses found by lists of words."""
