beadle show $DATA/reply.eml
