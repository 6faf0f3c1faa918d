"""Reports: JSON and HTML of one dossier, workbook and index of a window."""
