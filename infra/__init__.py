"""What AWS needs beside Chalice's functions: one file per concern, merged into one template."""
