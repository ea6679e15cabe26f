/* The leases of PagerPal as a model for spin. scripts/model checks it; docs/reliability.md says what it shows.
 *
 * Processes take two leases, escalation and dispatch, and work under them: one escalates an incident, one hands its pages over.
 * Each step here is one statement or one committed transaction of Sources/Store and Sources/Actors, which is named beside it.
 *
 * Time is a choice: a process may stop between any two steps, so long that its leases run out (freeze), end without a word
 * (crash) or be told to end (stop); an answer of the database or of a provider may be lost. Each happens as often as its budget
 * allows. A process that only waits for its turn needs no event of its own: spin tries every order of the steps.
 *
 * A word in -D plants the error of that name. The model must then fail.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef FREEZES
#define FREEZES 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef STOPS
#define STOPS 1
#endif
#ifndef LOSSES
#define LOSSES 1
#endif
#ifndef REFUSALS
#define REFUSALS 1
#endif

#define ESCALATION 0
#define DISPATCH 1
#define NOTHING 255

mtype = { absent, queued, claimed, sent, cancelled };

/* ---- The database -------------------------------------------------------------------------------------------- */

/* A row of the table leases. hasRunOut: expires_at is past. locks: transactions that hold it FOR SHARE. */
typedef Lease { byte epoch; bit hasRunOut; byte locks };
/* A row of the table pages. */
typedef Page { mtype state; byte epoch; byte tries; bit isMarked; bit isUnwanted };

Lease lease[2];
Page page[2];
/* The row of the incident. */
byte version;
bit isAcknowledged, isEscalated;

/* ---- The processes ------------------------------------------------------------------------------------------- */

mtype = { none, open, ended };

/* HeldLease and the transaction under it; one for each process and duty. renews: a renewal is on its way. subject: the
 * version on which the escalation decided, or the page of a claim whose answer is lost. */
typedef Held { byte epoch; bit isValid; bit renews; bit mustStop; bit isKilled; mtype transaction; byte subject };
/* A COMMIT whose answer nobody hears: the database ends it when it likes, either way. */
typedef Late { bit isOpen; byte epoch; byte subject };

Held held[2 * PROCESSES];
Late late[2 * PROCESSES];
bit isGone[PROCESSES];

/* ---- What may still happen, and what has ------------------------------------------------------------------------ */

byte freezes = FREEZES, crashes = CRASHES, stops = STOPS, losses = LOSSES, refusals = REFUSALS;
/* Something went wrong after which a page may be doubled. */
bit hadFault;
/* The newest epoch of each lease that was ever taken. */
byte newest[2];
/* Hand-overs of a page that a provider may have taken, and those of them without the mark. */
byte left[2], unmarked[2];

#define IS_HELD(p, d) (held[2 * (p) + (d)].isValid && held[2 * (p) + (d)].epoch == lease[d].epoch && !lease[d].hasRunOut)
#if PROCESSES == 2
#define HAS_HOLDER(d) (IS_HELD(0, d) || IS_HELD(1, d))
#else
#define HAS_HOLDER(d) (IS_HELD(0, d) || IS_HELD(1, d) || IS_HELD(2, d))
#endif
#define HAS_ENDED(i) (page[i].state == sent || page[i].state == cancelled)

/* ---- Transactions under a lease ------------------------------------------------------------------------------ */

#if defined(NO_FENCE) || defined(NO_LOCK)
#define LOCK(d)
#define UNLOCK(d)
#else
#define LOCK(d) lease[d].locks++
#define UNLOCK(d) lease[d].locks--
#endif

#ifdef NO_FENCE
#define IS_CURRENT(h, d) true
#else
#define IS_CURRENT(h, d) (held[h].epoch == lease[d].epoch)
#endif

/* Store.isCurrent: SELECT … FOR SHARE. A transaction that finds its lease gone ends the work under it. */
inline begin(h, d) {
    if
    :: IS_CURRENT(h, d) -> LOCK(d); held[h].transaction = open
    :: else -> held[h].isValid = 0
    fi
}

/* No transaction of an old epoch commits after a new epoch began. */
inline end_transaction(h, d) { assert(held[h].epoch == lease[d].epoch); UNLOCK(d); forget(h) }

inline forget(h) { held[h].transaction = none; held[h].subject = NOTHING }

/* The COMMIT is on its way, and its answer will not be heard. */
inline lose_answer(h) {
    late[h].isOpen = 1; late[h].epoch = held[h].epoch; late[h].subject = held[h].subject; forget(h)
}

/* Requeue: the one way back into the queue. What an acknowledgement has marked is cancelled instead. */
inline requeue(i) {
#ifdef NO_WITHDRAWAL
    page[i].state = queued;
#else
    page[i].state = (page[i].isUnwanted -> cancelled : queued);
#endif
    /* After an acknowledgement no page of before becomes claimable. */
    assert(!(isAcknowledged && page[i].state == queued))
}

/* Store.claim: UPDATE pages SET state = 'claimed' … WHERE state = 'queued'. */
inline claim(i, epoch_) {
    assert(!isAcknowledged);
    /* A page that may have left carries the mark when it is claimed again. */
    assert(left[i] == 0 || page[i].isMarked);
    page[i].state = claimed; page[i].epoch = epoch_; page[i].tries++
}

/* Store.commit of the escalation: UPDATE incidents … WHERE version = seen, and the pages of the next step. */
inline escalate(seen_) {
    if
#ifdef NO_VERSION
    :: true ->
#else
    :: version == seen_ ->
#endif
        assert(!isAcknowledged);
        isEscalated = 1; version++; page[1].state = queued
    :: else
    fi
}

/* ---- A process in one of its duties: Supervisor.take, lead, work --------------------------------------------------- */

#ifdef NO_FLIGHT_LIST
#define IS_LOST(i) (page[i].state == claimed && page[i].epoch == held[h].epoch)
#else
#define IS_LOST(i) (page[i].state == claimed && page[i].epoch == held[h].epoch && (flight == idle || flying != i))
#endif

/* Where the one message in flight is: ProviderWorker.attempt. */
mtype = { idle, taken, leaving, answered };
/* What came of it: Receipt. */
mtype = { accepted, temporary, unknown };

proctype Duty(byte p; byte d) {
    byte h = 2 * p + d, i;
    /* The message in flight: its page, and the claim's epoch, try and mark. */
    mtype flight = idle, receipt = temporary;
    byte flying, epoch, tries;
    bit isMarked, hasLooked;

end_idle:
    {
end_again:
    do
    ::  /* Store.acquireLease: UPDATE … epoch = epoch + 1 WHERE expires_at <= now. It waits for locks on the row. */
        atomic {
            lease[d].hasRunOut && lease[d].locks == 0 && !isGone[p] ->
#ifndef SAME_EPOCH
            lease[d].epoch++;
#endif
            /* An epoch has one holder, and epochs never go back. */
            assert(lease[d].epoch > newest[d]);
            newest[d] = lease[d].epoch;
            lease[d].hasRunOut = 0;
            held[h].epoch = lease[d].epoch; held[h].isValid = 1;
            hasLooked = (d == DISPATCH -> 0 : 1)
        }
end_working:
        do
        ::  /* EscalationClock: read what is due, decide, commit. */
            atomic { d == ESCALATION && held[h].isValid && !held[h].mustStop && !isAcknowledged && !isEscalated ->
                held[h].subject = version }
            atomic { begin(h, d) }
            if
            :: atomic { held[h].transaction == open -> escalate(held[h].subject); end_transaction(h, d) }
            :: atomic { held[h].transaction == open && losses > 0 -> losses--; lose_answer(h) }
            :: atomic { held[h].transaction != open -> forget(h) }
            fi

        ::  /* Dispatcher.requeueOrphans: what earlier epochs claimed is sent again, marked. */
            d == DISPATCH && held[h].isValid && !hasLooked ->
            atomic { begin(h, d) }
            if
            :: atomic { held[h].transaction == open ->
                for (i : 0 .. 1) {
                    if
                    :: page[i].state == claimed && page[i].epoch < held[h].epoch ->
#ifndef NO_MARK
                        page[i].isMarked = 1;
#endif
                        requeue(i)
                    :: else
                    fi
                }
                end_transaction(h, d); hasLooked = 1; i = 0 }
            :: atomic { held[h].transaction != open -> forget(h) }
            fi

        ::  /* ProviderWorker.dispatch: claim, one message in flight at a time. */
            d == DISPATCH && held[h].isValid && hasLooked && !held[h].mustStop && flight == idle &&
                (page[0].state == queued || page[1].state == queued) ->
#ifdef NO_FENCE_IN_CLAIM
            atomic { held[h].transaction = open; LOCK(d) }
#else
            atomic { begin(h, d) }
#endif
            if
            :: atomic { held[h].transaction == open ->
                if
                :: page[0].state == queued -> flying = 0
                :: page[1].state == queued -> flying = 1
                :: else -> flying = NOTHING
                fi;
                if
                :: flying != NOTHING && losses > 0 -> losses--; held[h].subject = flying; lose_answer(h); flying = 0
                :: flying != NOTHING ->
                    claim(flying, held[h].epoch);
                    flight = taken; epoch = held[h].epoch; tries = page[flying].tries; isMarked = page[flying].isMarked;
                    end_transaction(h, d)
                :: flying == NOTHING -> flying = 0; end_transaction(h, d)
                fi }
            :: atomic { held[h].transaction != open -> forget(h) }
            fi

        ::  /* ProviderWorker.requeueLostClaims: what is claimed under this epoch and not in flight can't have left. */
            d == DISPATCH && held[h].isValid && hasLooked && !held[h].mustStop && (IS_LOST(0) || IS_LOST(1)) ->
            atomic { begin(h, d) }
            if
            :: atomic { held[h].transaction == open ->
                for (i : 0 .. 1) {
                    if
                    :: IS_LOST(i) -> page[i].tries--; requeue(i)
                    :: else
                    fi
                }
                end_transaction(h, d); i = 0 }
            :: atomic { held[h].transaction != open -> forget(h) }
            fi

        ::  /* Right before it leaves: Store.lastLook, without whose answer it leaves, and mayStillSend. The process may
             * stop between this and the first byte, too. */
            atomic { flight == taken ->
            if
            :: page[flying].isUnwanted || page[flying].state != claimed || page[flying].epoch != epoch ||
                !held[h].isValid -> flight = answered
            :: held[h].isValid -> flight = leaving
            fi }

        ::  atomic { flight == leaving ->
            if
            :: receipt = accepted
            :: losses > 0 -> losses--; hadFault = 1; receipt = unknown
            :: refusals > 0 -> refusals--; receipt = temporary
            fi;
            if
            :: receipt != temporary ->
                left[flying]++;
                unmarked[flying] = unmarked[flying] + 1 - isMarked;
                /* Doubled only after a fault, and then all but one carry the mark. */
                assert(left[flying] <= 1 || hadFault);
                assert(unmarked[flying] <= 1)
            :: else
            fi;
            flight = answered }

        ::  /* Store.record, whatever became of the lease, while nobody has claimed the page again. */
            atomic { flight == answered ->
            if
#ifdef NO_CLAIM_IN_RECORD
            :: true ->
#else
            :: page[flying].epoch == epoch && page[flying].tries == tries ->
#endif
                if
                :: receipt == accepted && (page[flying].state == claimed || page[flying].state == queued) ->
                    page[flying].state = sent
                :: receipt != accepted && page[flying].state == claimed ->
#ifdef NO_MARK_OF_UNKNOWN
                    page[flying].isMarked = isMarked;
#else
                    page[flying].isMarked = (receipt == unknown -> 1 : isMarked);
#endif
                    requeue(flying)
                :: else
                fi
            :: else
            fi;
            flight = idle; flying = 0; epoch = 0; tries = 0; isMarked = 0; receipt = temporary }

#ifdef EARLY_RELEASE
        ::  atomic { held[h].mustStop && flight != idle && held[h].epoch == lease[d].epoch && !lease[d].hasRunOut &&
                !held[h].renews -> lease[d].hasRunOut = 1 }
#endif
        ::  /* Store.release: given back once nothing is in flight. */
            atomic { (!held[h].isValid || held[h].mustStop) && flight == idle && !held[h].renews ->
                held[h].isValid = 0; hasLooked = 0;
                if
                :: held[h].epoch == lease[d].epoch -> lease[d].hasRunOut = 1
                :: else
                fi;
                held[h].epoch = 0; held[h].mustStop = 0 } -> break
        od
    od
    } unless {
        atomic { held[h].isKilled ->
            held[h].isKilled = 0; flight = idle; flying = 0; epoch = 0; tries = 0; isMarked = 0; receipt = temporary; i = 0;
            hasLooked = 0 }
    }
    goto end_idle
}

/* ---- The rest of the world --------------------------------------------------------------------------------------- */

/* Somebody acknowledges, or nobody does: the decision withdraws what is queued and marks what is in flight. */
proctype Person() {
    byte i;
    if
    :: atomic { true ->
        isAcknowledged = 1; version++;
        for (i : 0 .. 1) {
            if
            :: page[i].state == queued -> page[i].state = cancelled
#ifndef NO_UNWANTED
            :: page[i].state == claimed -> page[i].isUnwanted = 1
#endif
            :: else
            fi
        } }
    :: true
    fi
}

/* Whether a process knows that it has the lease of this duty. */
#if PROCESSES == 2
#define IS_KNOWN(d) (held[d].epoch == lease[d].epoch || held[2 + (d)].epoch == lease[d].epoch)
#else
#define IS_KNOWN(d) (held[d].epoch == lease[d].epoch || held[2 + (d)].epoch == lease[d].epoch || held[4 + (d)].epoch == lease[d].epoch)
#endif

/* The lease of a holder that has crashed runs out. */
#ifdef NO_EXPIRY
#define RUN_OUT(d) atomic { false -> skip }
#else
#define RUN_OUT(d) atomic { !lease[d].hasRunOut && !IS_KNOWN(d) -> lease[d].hasRunOut = 1 }
#endif

/* A renewal that was on its way arrives: Store.renew. The holder counts from when it asked, so it may find its term over. */
inline renew(h, d) {
    held[h].renews = 0;
    if
    :: held[h].epoch == lease[d].epoch ->
        lease[d].hasRunOut = 0;
        if
        :: held[h].isValid = 1
        :: true
        fi
    :: else
    fi
}

/* The database ends a COMMIT whose answer nobody hears. */
inline end_late(h, d) {
    late[h].isOpen = 0;
    if
    ::  assert(late[h].epoch == lease[d].epoch);
        if
        :: d == ESCALATION -> escalate(late[h].subject)
        :: d == DISPATCH && page[late[h].subject].state == queued -> claim(late[h].subject, late[h].epoch)
        :: else
        fi
    :: true
    fi;
    late[h].epoch = 0; late[h].subject = 0;
    UNLOCK(d)
}

#define ARRIVALS(h, d) \
    :: atomic { held[h].renews -> renew(h, d) } \
    :: atomic { late[h].isOpen -> end_late(h, d) }

/* What time brings by itself; it always comes. */
proctype Time() {
end_time:
    do
    :: RUN_OUT(ESCALATION)
    :: RUN_OUT(DISPATCH)
    ARRIVALS(0, ESCALATION)
    ARRIVALS(1, DISPATCH)
    ARRIVALS(2, ESCALATION)
    ARRIVALS(3, DISPATCH)
#if PROCESSES == 3
    ARRIVALS(4, ESCALATION)
    ARRIVALS(5, DISPATCH)
#endif
    od
}

/* A process stops for longer than its leases last, or the database can't be reached for so long. The server ends its idle
 * transaction before the lease runs out (idle_in_transaction_session_timeout). */
inline freeze(p) {
    freezes--; hadFault = 1;
    for (d : 0 .. 1) {
        if
        :: held[2 * p + d].isValid ->
            held[2 * p + d].isValid = 0;
            if
            :: held[2 * p + d].epoch == lease[d].epoch -> lease[d].hasRunOut = 1
            :: else
            fi;
            if
            :: held[2 * p + d].renews = 1
            :: true
            fi
        :: else
        fi;
        if
        :: held[2 * p + d].transaction == open -> held[2 * p + d].transaction = ended; UNLOCK(d)
        :: else
        fi
    }
    d = 0
}

/* A process ends without a word. It starts again under another name, or it does not. */
inline crash(p) {
    crashes--; hadFault = 1;
    for (d : 0 .. 1) {
        if
        :: held[2 * p + d].transaction == open && d == ESCALATION && !late[2 * p + d].isOpen -> lose_answer(2 * p + d)
        :: held[2 * p + d].transaction == open && d == DISPATCH && !late[2 * p + d].isOpen && page[0].state == queued ->
            held[2 * p + d].subject = 0; lose_answer(2 * p + d)
        :: held[2 * p + d].transaction == open -> UNLOCK(d)
        :: else
        fi;
        forget(2 * p + d);
        held[2 * p + d].isKilled = 1; held[2 * p + d].epoch = 0; held[2 * p + d].isValid = 0; held[2 * p + d].renews = 0;
        held[2 * p + d].mustStop = 0
    }
    d = 0;
    if
    :: gone < PROCESSES - 1 -> gone++; isGone[p] = 1
    :: true
    fi
}

#define DOES_SOMETHING(p) (held[2 * (p)].isValid || held[2 * (p) + 1].isValid)
#define BLOWS(p) \
    :: atomic { freezes > 0 && DOES_SOMETHING(p) -> freeze(p) } \
    :: atomic { crashes > 0 && !isGone[p] -> crash(p) } \
    :: atomic { stops > 0 && DOES_SOMETHING(p) -> stops--; \
        held[2 * (p)].mustStop = held[2 * (p)].isValid; held[2 * (p) + 1].mustStop = held[2 * (p) + 1].isValid }

/* What happens to processes; it need not happen. */
proctype Fate() {
    byte d, gone;
end_fate:
    do
    BLOWS(0)
    BLOWS(1)
#if PROCESSES == 3
    BLOWS(2)
#endif
    od
}

#ifdef FOREVER
/* Without it a run that has come to rest would end, and no property of endless runs would be asked. */
bit tick;
proctype Forever() {
    do
    :: tick = 1 - tick
    od
}
#endif

init {
    byte h;
    atomic {
        page[0].state = queued; page[1].state = absent;
        lease[0].hasRunOut = 1; lease[1].hasRunOut = 1;
        for (h : 0 .. (2 * PROCESSES - 1)) {
            held[h].transaction = none; held[h].subject = NOTHING;
            run Duty(h / 2, h % 2)
        }
        h = 0;
        run Person(); run Time(); run Fate();
#ifdef FOREVER
        run Forever()
#endif
    }
}

/* Once nothing more happens to the processes, each lease has a holder again and keeps it. */
ltl holder { <>[] (HAS_HOLDER(ESCALATION) && HAS_HOLDER(DISPATCH)) }
/* Then also every incident has been escalated or acknowledged, and every page has ended. */
ltl settled { <>[] ((isEscalated || isAcknowledged) && HAS_ENDED(0) && (HAS_ENDED(1) || page[1].state == absent)) }
