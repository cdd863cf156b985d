"""The report's sections: one file each, `section(result) -> Section | None`, in reading order."""
