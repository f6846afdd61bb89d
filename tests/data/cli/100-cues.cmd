beadle rules cues --rules $DATA/parish $DATA/parish/kept-back.tsv
