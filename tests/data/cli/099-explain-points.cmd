beadle explain --clause praise/thanked --own $DATA/praise.toml --roster $DATA/parish/mail/roster.toml --rules $DATA/parish --from clerk@council.example --to sam@resident.example $DATA/thanks.eml
