beadle explain --clause parish/order --roster $DATA/parish/mail/roster.toml --rules $DATA/parish --from clerk@council.example --to sam@resident.example $DATA/parish/mail/gate.eml
