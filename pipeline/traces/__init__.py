"""What dossiers leave in the index of a window, so that things in two people's dossiers are found."""
