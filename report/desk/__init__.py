"""What editors work with around the compiler. The core never imports this."""
