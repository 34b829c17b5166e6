"""What concerns an edition of the report when it is issued. The core never imports this."""
