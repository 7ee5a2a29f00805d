"""The desktops beside X11: one file each, `choose` picks. All can be imported everywhere."""
