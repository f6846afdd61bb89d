beadle rules learn --measure --rules $DATA/parish --out weights
