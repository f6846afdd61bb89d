// Acts of Beadle's own with the notices about them: both or neither.
#include "store/audit.h"
#include "store/content.h"
#include "store/notice.h"

namespace beadle::store {

Result<void> Store::announce(std::string_view act, std::string_view who, std::string_view held, std::string_view detail_json,
                             const std::vector<Notice>& notices, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  TRY(add_notices(*database, *content_->vault, held, notices, now));
  TRY(append_audit(*database, act, who, held, detail_json, now));
  return transaction.commit();
}

}  // namespace beadle::store
