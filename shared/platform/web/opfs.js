// The files of the Origin Private File System, opened ahead of time, so that C++ can use
// them synchronously. An Emscripten library (--js-library); it moves bytes and decides
// nothing: names, checksums and recovery are C++ (shared/platform/pooled_page_store.h).
//
// For the worker around it:
//   await Module.prepareStorage()   before the program starts. Never throws: the answer, and
//                                   open_opfs_page_store() afterwards, say how it went:
//                                   0 ready, 1 no OPFS here, 2 another window owns it, 3 failed.
//                                   A window that has just gone is waited for; one that is there
//                                   says so.
//   await Module.takeStorage(ms)    asks a window that has it to let go, waits so long for it, and
//                                   prepares. The same answers.
//   Module.storageWanted = () => {} called in the owner when another window asks: save, close the
//                                   database, then closeStorage(). The lock is never stolen.
//   await Module.closeStorage()     closes all files and lets go of the lock.
mergeInto(LibraryManager.library, {
  $BanyanOpfs__postset: 'BanyanOpfs.install();',
  $BanyanOpfs: {
    state: 1,
    message: 'storage was not prepared',
    files: [],  // sync access handles: the name table, then the pages
    folder: null,
    letGo: null,
    channel: null,
    growing: false,

    PAGES_MIN: 24,
    PAGES_MORE: 8,
    PAGES_MAX: 512,
    FREE_MIN: 6,
    RETRY_MS: 5000,  // so long a killed worker's handles may stay behind

    install: function () {
      Module['prepareStorage'] = BanyanOpfs.prepare;
      Module['takeStorage'] = BanyanOpfs.take;
      Module['closeStorage'] = BanyanOpfs.close;
    },

    settle: function (state, message) {
      BanyanOpfs.state = state;
      BanyanOpfs.message = message;
      return state;
    },

    usable: function () {
      return self.isSecureContext && navigator.storage && navigator.storage.getDirectory &&
        navigator.locks && self.FileSystemSyncAccessHandle;
    },

    prepare: async function () {
      if (BanyanOpfs.state === 0) return 0;
      if (!BanyanOpfs.usable()) return BanyanOpfs.settle(1, 'this browser has no OPFS with synchronous access here');
      if (!(await BanyanOpfs.lock({ ifAvailable: true })) && !(await BanyanOpfs.lockWithin(BanyanOpfs.RETRY_MS, 'who'))) {
        return BanyanOpfs.settle(2, 'another window holds the storage');
      }
      return BanyanOpfs.openAll();
    },

    take: async function (ms) {
      if (BanyanOpfs.state === 0 || !BanyanOpfs.usable()) return BanyanOpfs.prepare();
      if (await BanyanOpfs.lockWithin(ms, 'wanted')) return BanyanOpfs.openAll();
      return BanyanOpfs.settle(2, 'another window holds the storage');
    },

    // Waits for the lock and asks the other windows: 'who' has it, whose answer ends the waiting,
    // or that it is 'wanted', on which the owner lets go.
    lockWithin: async function (ms, question) {
      const patience = new AbortController();
      const timer = setTimeout(function () { patience.abort(); }, ms);
      const asking = new BroadcastChannel('banyan-storage');
      asking.onmessage = function (event) {
        if (question === 'who' && event.data === 'here') patience.abort();
      };
      const got = BanyanOpfs.lock({ signal: patience.signal });
      asking.postMessage(question);
      const ours = await got;
      clearTimeout(timer);
      asking.close();
      return ours;
    },

    // The owner's end of the questions above.
    answer: function (event) {
      if (event.data === 'who') BanyanOpfs.channel.postMessage('here');
      if (event.data === 'wanted' && BanyanOpfs.state === 0) Module['storageWanted']();
    },

    // True once the lock is ours; it stays ours until letGo() or the end of this worker.
    lock: function (options) {
      return new Promise(function (resolve) {
        navigator.locks.request('banyan-storage', options, function (lock) {
          resolve(lock !== null);
          return lock && new Promise(function (letGo) { BanyanOpfs.letGo = letGo; });
        }).catch(function () { resolve(false); });
      });
    },

    openAll: async function () {
      BanyanOpfs.channel = new BroadcastChannel('banyan-storage');
      BanyanOpfs.channel.onmessage = BanyanOpfs.answer;
      try {
        const root = await navigator.storage.getDirectory();
        BanyanOpfs.folder = await root.getDirectoryHandle('banyan', { create: true });
        let pages = 0;
        for await (const name of BanyanOpfs.folder.keys()) {
          const page = /^page-(\d+)$/.exec(name);
          if (page) pages = Math.max(pages, Number(page[1]) + 1);
        }
        await BanyanOpfs.openMore(1 + Math.max(pages, BanyanOpfs.PAGES_MIN));
      } catch (error) {
        await BanyanOpfs.close();
        return BanyanOpfs.settle(error.name === 'NoModificationAllowedError' ? 2 : 3, String(error));
      }
      return BanyanOpfs.settle(0, '');
    },

    // Opens files until there are `count`, in order, all at once.
    openMore: async function (count) {
      const deadline = performance.now() + BanyanOpfs.RETRY_MS;
      const opening = [];
      for (let i = BanyanOpfs.files.length; i < count; ++i) {
        const name = i === 0 ? 'names' : 'page-' + String(i - 1).padStart(4, '0');
        opening.push(BanyanOpfs.openFile(name, deadline));
      }
      const done = await Promise.allSettled(opening);
      const failed = done.find(function (one) { return one.status === 'rejected'; });
      if (failed) {
        done.forEach(function (one) { if (one.value) one.value.close(); });
        throw failed.reason;
      }
      done.forEach(function (one) { BanyanOpfs.files.push(one.value); });
    },

    openFile: async function (name, deadline) {
      const file = await BanyanOpfs.folder.getFileHandle(name, { create: true });
      for (;;) {
        try {
          return await file.createSyncAccessHandle();
        } catch (error) {
          if (error.name !== 'NoModificationAllowedError' || performance.now() > deadline) throw error;
          await new Promise(function (resolve) { setTimeout(resolve, 100); });
        }
      }
    },

    close: async function () {
      BanyanOpfs.files.forEach(function (file) { file.close(); });
      BanyanOpfs.files = [];
      if (BanyanOpfs.channel) BanyanOpfs.channel.close();
      if (BanyanOpfs.letGo) BanyanOpfs.letGo();
      BanyanOpfs.channel = BanyanOpfs.letGo = null;
      BanyanOpfs.settle(1, 'storage is closed');
    },

    grow: function () {
      const count = Math.min(BanyanOpfs.files.length + BanyanOpfs.PAGES_MORE, 1 + BanyanOpfs.PAGES_MAX);
      if (BanyanOpfs.growing || BanyanOpfs.state !== 0 || count === BanyanOpfs.files.length) return;
      BanyanOpfs.growing = true;
      BanyanOpfs.openMore(count).catch(function (error) {
        console.warn('no more files for the storage pool:', error);  // asked again at the next change
      }).then(function () {
        BanyanOpfs.growing = false;
        if (BanyanOpfs.state !== 0) BanyanOpfs.close();  // closed meanwhile
      });
    },

    // Runs `work` on an open file; a failure is remembered and becomes a negative number.
    call: function (index, work) {
      try {
        const file = BanyanOpfs.files[index];
        if (!file) throw new Error('the file is closed');
        return work(file);
      } catch (error) {
        BanyanOpfs.message = String(error);
        return error.name === 'QuotaExceededError' ? -2 : -1;
      }
    },
  },

  banyan_opfs_state__deps: ['$BanyanOpfs'],
  banyan_opfs_state: function () { return BanyanOpfs.state; },

  banyan_opfs_pages__deps: ['$BanyanOpfs'],
  banyan_opfs_pages: function () { return Math.max(0, BanyanOpfs.files.length - 1); },

  banyan_opfs_free_pages__deps: ['$BanyanOpfs'],
  banyan_opfs_free_pages: function (count) {
    if (count < BanyanOpfs.FREE_MIN) BanyanOpfs.grow();
  },

  banyan_opfs_read__deps: ['$BanyanOpfs'],
  banyan_opfs_read: function (index, out, size, offset) {
    return BanyanOpfs.call(index, function (file) {
      return file.read(HEAPU8.subarray(out, out + size), { at: offset });
    });
  },

  banyan_opfs_write__deps: ['$BanyanOpfs'],
  banyan_opfs_write: function (index, bytes, size, offset) {
    return BanyanOpfs.call(index, function (file) {
      const put = file.write(HEAPU8.subarray(bytes, bytes + size), { at: offset });
      // A short write is how some browsers say that the disk is full.
      if (put < size) throw new DOMException('only ' + put + ' of ' + size + ' bytes', 'QuotaExceededError');
      return put;
    });
  },

  banyan_opfs_truncate__deps: ['$BanyanOpfs'],
  banyan_opfs_truncate: function (index, size) {
    return BanyanOpfs.call(index, function (file) { file.truncate(size); return 0; });
  },

  banyan_opfs_size__deps: ['$BanyanOpfs'],
  banyan_opfs_size: function (index) {
    return BanyanOpfs.call(index, function (file) { return file.getSize(); });
  },

  banyan_opfs_flush__deps: ['$BanyanOpfs'],
  banyan_opfs_flush: function (index) {
    return BanyanOpfs.call(index, function (file) { file.flush(); return 0; });
  },

  banyan_opfs_error__deps: ['$BanyanOpfs'],
  banyan_opfs_error: function (out, size) { stringToUTF8(BanyanOpfs.message, out, size); },
});
