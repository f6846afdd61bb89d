beadle rules cues --json --rules $DATA/parish $DATA/parish/kept-back.tsv
