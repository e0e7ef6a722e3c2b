"""The room where a message becomes pictures, clips and captions."""
