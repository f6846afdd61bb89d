beadle held shwo
