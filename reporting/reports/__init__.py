"""The quarterly report of a contract: what is in it, how it is built, published, corrected, shown and handed out."""
