"""What is proposed to the person and never filled in for him: topic, place and unit, each with its reason."""
