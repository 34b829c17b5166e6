"""What the report is published as besides its PDF and its page; the compiler's core knows none."""
