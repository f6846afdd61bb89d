beadle show --json $DATA/pond.eml
