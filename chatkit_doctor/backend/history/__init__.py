"""What a run is given of the conversation: where each part of its input comes from, what is missing or doubled."""
