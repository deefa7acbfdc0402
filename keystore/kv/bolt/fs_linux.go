package bolt

import "golang.org/x/sys/unix"

// fuse names what hides behind FUSE as well as can be told.
const fuse = "FUSE (sshfs, rclone, virtiofs and the like)"

// networkTypes are the file systems, by statfs(2) number, that share files
// between machines, or may: what stands behind FUSE cannot be known, so all of
// it is refused. Numbers that x/sys lacks are from the file systems' sources.
var networkTypes = map[uint32]string{
	unix.NFS_SUPER_MAGIC:   "NFS",
	unix.SMB_SUPER_MAGIC:   "SMB",
	unix.CIFS_SUPER_MAGIC:  "CIFS",
	unix.SMB2_SUPER_MAGIC:  "SMB2",
	unix.V9FS_MAGIC:        "9P",
	unix.FUSE_SUPER_MAGIC:  fuse,
	unix.AFS_SUPER_MAGIC:   "AFS",
	unix.AFS_FS_MAGIC:      "AFS",
	unix.CEPH_SUPER_MAGIC:  "Ceph",
	unix.CODA_SUPER_MAGIC:  "Coda",
	unix.NCP_SUPER_MAGIC:   "NCP",
	unix.OCFS2_SUPER_MAGIC: "OCFS2",
	0x01161970:             "GFS2",
	0x0BD00BD0:             "Lustre",
	0x47504653:             "GPFS",
	0x19830326:             "BeeGFS",
	0x20030528:             "OrangeFS",
	0xAAD7AAEA:             "PanFS",
	0xBEEFDEAD:             "SNFS",
	0x61636673:             "ACFS",
	0xBACBACBC:             "a VMware shared folder",
	0x786F4256:             "a VirtualBox shared folder",
	0x7C7C6673:             "a Parallels shared folder",
}

// networkFS returns the name of the network file system that path is on, or
// "" if it is a local one.
func networkFS(path string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return "", err
	}
	return networkTypes[uint32(st.Type)], nil
}
