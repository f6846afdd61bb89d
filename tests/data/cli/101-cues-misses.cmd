beadle rules cues --misses --cue order --rules $DATA/parish $DATA/parish/kept-back.tsv
