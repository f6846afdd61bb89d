beadle explain --clause parish/orders --rules $DATA/parish --from clerk@council.example --to sam@resident.example $DATA/order.eml
