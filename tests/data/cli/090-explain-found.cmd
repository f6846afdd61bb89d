beadle explain --clause parish/orders --roster $DATA/parish/mail/roster.toml --rules $DATA/parish --from councillor@council.example --to info@firm.example $DATA/parish/mail/order.eml
