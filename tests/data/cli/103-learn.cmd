beadle rules learn --rules $DATA/parish --out weights && cmp weights/thanks.tsv $DATA/parish/weights/thanks.tsv && echo the same as kept
