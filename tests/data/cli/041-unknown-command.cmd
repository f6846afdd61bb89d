beadle frobnicate
