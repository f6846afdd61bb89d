beadle --version
