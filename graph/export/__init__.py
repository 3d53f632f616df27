"""Export: the log as plain files (their format, writing, reading), and copies between stores."""
