beadle withdraw wt1wcr
